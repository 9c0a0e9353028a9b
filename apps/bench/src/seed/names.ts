/** Given names, commonest first: the generator takes the first ones oftener. */
export const firstNames = split(`
  Maria Mohammed Anna James Mary John Ana Ahmed Elena Michael Fatima David Robert Sofia Carlos
  Jennifer William Linda Ali Daniel Jose Wei Patricia Thomas Laura Richard Sarah Joseph Nushi Ivan
  Barbara Charles Susan Christopher Olga Jessica Matthew Karen Anthony Nancy Mark Lisa Donald Betty
  Paul Sandra Steven Margaret Andrew Ashley Kenneth Emily Joshua Donna Kevin Michelle Brian Carol
  George Amanda Timothy Melissa Ronald Deborah Edward Stephanie Jason Rebecca Jeffrey Sharon Ryan
  Jacob Cynthia Gary Kathleen Nicholas Amy Eric Angela Jonathan Shirley Stephen Brenda Larry Emma
  Justin Pamela Scott Nicole Brandon Helen Benjamin Samantha Samuel Katherine Gregory Christine
  Alexander Debra Patrick Rachel Frank Carolyn Raymond Janet Jack Catherine Dennis Heather Jerry
  Diane Tyler Julie Aaron Joyce Adam Victoria Nathan Ruth Henry Virginia Zachary Kelly Douglas
  Christina Peter Lauren Kyle Joan Noah Evelyn Ethan Judith Jeremy Olivia Walter Martha Christian
  Cheryl Keith Megan Roger Andrea Terry Hannah Austin Jacqueline Sean Gerald Carl Harold Dylan
  Arthur Lawrence Jordan Jesse Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert Willie Elijah
  Wayne Randy Vincent Mason Roy Ralph Bobby Russell Bradley Philip Eugene Yusuf Hiroshi Yuki Priya
  Rajesh Ananya Chen Mei Li Ling Kwame Amara Chidi Ngozi Zainab Omar Layla Leila Hassan Noor Zoe
  Zoë José André François Jürgen Søren Łukasz Björn Åsa Çağla Οδυσσέας Наталья Владимир 伟 さくら
`)

/** Family names, commonest first. */
export const lastNames = split(`
  Wang Smith Garcia Li Johnson Zhang Kim Nguyen Singh Williams Kumar Brown Khan Jones Silva Martinez
  Rodriguez Ali Müller Davis Ivanov Lopez Miller Hernandez Chen Gonzalez Wilson Perez Lee Anderson
  Santos Thomas Taylor Moore Jackson Martin Thompson White Sanchez Clark Ramirez Lewis Robinson
  Walker Young Allen King Wright Scott Torres Hill Flores Green Adams Nelson Baker Hall Rivera
  Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins
  Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed
  Kelly Howard Ramos Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz
  Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry
  Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher Vasquez Simmons Romero
  Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant
  Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison
  Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Freeman Webb Tucker Guzman Burns
  Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks
  Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt
  Yamamoto Sato Suzuki Tanaka Okafor Mensah Diallo Haddad Öztürk Nuñez Gonçalves Kowalski Dvořák
  O'Brien van-Dijk Lindström Papadopoulos Петров Смирнова 田中 王
`)

/** Domains of e-mail addresses, commonest first. */
export const mailDomains = split(`
  example.com mail.example example.org example.net post.example inbox.example work.example
  students.example city.example company.example firm.example studio.example
`)

export const streets = split('High Station Church Park Main Mill London Victoria Green Queens')

function split(words: string): readonly string[] {
  return words.trim().split(/\s+/)
}
