/** Control characters but the line feed, and those that turn the direction of writing. */
const unwanted = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text from the daemon made fit to show: bounded, no control characters but the line feed. */
export const cleanReplyText = (text: string, maxLength = 4000): string => {
  const clean = text
    .slice(0, 2 * maxLength)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(unwanted, (character) => (character === '\n' ? character : ' '))
    .trim()
  return (clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean).toWellFormed()
}
