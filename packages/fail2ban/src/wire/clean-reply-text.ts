import { cleanText } from '@bangui/shared'

/** Text from the daemon made fit to show: see {@link cleanText}; bounded. */
export const cleanReplyText = (text: string, maxLength = 4000): string => {
  const clean = cleanText(text.slice(0, 2 * maxLength).replaceAll(/\r\n?/g, '\n'))
  return (clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean).toWellFormed()
}
