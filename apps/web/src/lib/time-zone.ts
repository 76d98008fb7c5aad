/** Returns the time zone of the browser, such as "Europe/Berlin". */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
