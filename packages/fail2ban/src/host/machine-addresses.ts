import { networkInterfaces } from 'node:os'

/** Returns the addresses of this machine's network interfaces, as text without a zone. */
export const machineAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .map(({ address }) => address.replace(/%.*$/, ''))
