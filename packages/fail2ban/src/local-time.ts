const two = (part: number) => String(part).padStart(2, '0')

/** A time as most logs have it, in the machine's zone, which is the daemon's too: `2026-01-31 23:59:59`. */
export function localTime(at: Date): string {
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}
