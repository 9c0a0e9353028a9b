import { registerHooks } from 'node:module'

/**
 * Spares half a second at every start. To learn what a file is, Node looks for it on the disk and
 * parses the `exports` of its package.json, each time; these packages have hundreds of files, all
 * of them ES modules that name each other in full.
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context
    const isWithin =
      /\/node_modules\/(drizzle-orm|typebox)\//.test(parentURL) &&
      /^\.\.?\/.*\.m?js$/.test(specifier)
    if (!isWithin) return next(specifier, context)
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
  },
})
