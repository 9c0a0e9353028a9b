import t from 'tap'
import { testCompilers } from './consumers.ts'

await testCompilers(t, ['typescript-5.4', 'typescript-5.9'])
