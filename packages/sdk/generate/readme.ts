import { existsSync, readFileSync } from 'node:fs'

const readme = new URL('../README.md', import.meta.url)
const example = new URL('../examples/react/', import.meta.url)

/** The README with the files of the example as they are; a block names its file in its first line. */
export function printReadme() {
  const text = readFileSync(readme, 'utf8').replace(
    /```(tsx?)\n\/\/ (\S+)\n.*?```/gs,
    (block, language, name) => {
      const file = new URL(name, example)
      if (!existsSync(file)) return block
      return `\`\`\`${language}\n// ${name}\n${readFileSync(file, 'utf8')}\`\`\``
    },
  )
  return { url: readme, text }
}
