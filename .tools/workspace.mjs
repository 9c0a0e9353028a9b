import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './processes.mjs'

/** The files of this name in the packages and apps that have one, relative to the root. */
export function filesOfPackages(name) {
  return ['packages', 'apps']
    .flatMap((folder) => readdirSync(join(root, folder)).map((each) => join(folder, each, name)))
    .filter((file) => existsSync(join(root, file)))
}
