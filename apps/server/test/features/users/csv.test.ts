import t from 'tap'
import { csvRow } from '../../../src/features/users/csv.ts'

t.test('RFC 4180: cells are quoted where they must be, and rows end in CRLF', async (t) => {
  t.equal(csvRow(['a', 'b c', null, true, false]), 'a,b c,,true,false\r\n')
  t.equal(
    csvRow(['a,b', 'say "hi"', 'two\nlines', 'two\r\nmore']),
    '"a,b","say ""hi""","two\nlines","two\r\nmore"\r\n',
  )
  t.equal(csvRow(['', ' ', 'ü 日本 🐇']), ', ,ü 日本 🐇\r\n')
})

t.test('ASVS 1.2.10: what a spreadsheet takes for a formula is defused', async (t) => {
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    const [cell] = [csvRow([`${start}1+1`]).trimEnd()]
    t.match(cell, /^"?'/, JSON.stringify(start))
    t.equal(cell?.replace(/^"|"$/g, ''), `'${start}1+1`)
  }
  t.equal(csvRow(['=HYPERLINK("http://x","y")']), '"\'=HYPERLINK(""http://x"",""y"")"\r\n')
  t.equal(csvRow(["=cmd|' /C calc'!A0"]), "'=cmd|' /C calc'!A0\r\n")
  t.equal(csvRow(['a=1', ' =1', "'=1", '1-1']), "a=1, =1,'=1,1-1\r\n", 'nothing else is')
})
