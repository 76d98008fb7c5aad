/** Text from the daemon made fit to show: bounded, no control or bidirectional characters but the line feed. */
export const cleanText = (text: string, maxLength = 4000): string => {
  const clean = text
    .slice(0, 2 * maxLength)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ')
    .trim()
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…`.toWellFormed() : clean.toWellFormed()
}
