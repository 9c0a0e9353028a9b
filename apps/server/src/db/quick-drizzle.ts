import { registerHooks } from 'node:module'

/**
 * Spares half a second at every start. To learn what a file `.js` is, Node
 * parses the `exports` of its package.json each time; Drizzle has some 200 such
 * files, and exports of 180 kB. All of them are ES modules.
 */
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context
    const isWithin =
      parentURL.includes('/node_modules/drizzle-orm/') && /^\.\.?\/.*\.js$/.test(specifier)
    if (!isWithin) return next(specifier, context)
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
  },
})
