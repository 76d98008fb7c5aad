/** One record of fail2ban's log: a line with fail2ban's head, and the lines without one that follow it. */
export interface LogRecord {
  /** local time of the daemon; null where the log has none */
  readonly time: string | null
  readonly milliseconds: number
  readonly pid: number
  /** `actions` for `fail2ban.actions` */
  readonly logger: string
  readonly level: string
  readonly message: string
}

const head =
  /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:[,.](\d{3}))? )?fail2ban\.(\w+) {0,24}\[(\d{1,10})\]: ([A-Z]{3,10}) {1,8}(.*)$/su

/** Longer lines are read up to here: one that names a whole configuration has 100 kB, and its reason at the end. */
const MAX_LINE = 8192
const MAX_MESSAGE = 16_384

/** Puts lines together to records. */
export function createRecordReader() {
  let open: LogRecord | undefined
  const close = (): LogRecord[] => {
    const closed = open
    open = undefined
    return closed ? [closed] : []
  }
  return {
    /** Returns the record that this line ends, if it does. */
    add(text: string): LogRecord[] {
      const line =
        text.length <= MAX_LINE ? text : `${text.slice(0, MAX_LINE / 2)}…${text.slice(-MAX_LINE / 2)}`
      const [, time = null, fraction = '0', logger = '', pid = '', level = '', message = ''] =
        head.exec(line) ?? []
      if (level === '') {
        if (open && open.message.length < MAX_MESSAGE) open = { ...open, message: `${open.message}\n${line}` }
        return []
      }
      const before = close()
      open = { time, milliseconds: Number(fraction), logger, pid: Number(pid), level, message }
      return before
    },
    /** Returns the last record. What follows it without a head is no longer part of it. */
    close,
  }
}
