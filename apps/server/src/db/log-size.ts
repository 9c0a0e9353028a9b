/** One who reads for long lets the log of SQLite grow; written back, it would keep its size. */
export const longestLogBytes = 32 * 1_024 * 1_024
