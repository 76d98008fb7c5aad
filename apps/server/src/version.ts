import rootPackage from '../../../package.json' with { type: 'json' }

/** The version of this BanGUI; the web interface carries the same. */
export const version: string = rootPackage.version
