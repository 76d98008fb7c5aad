/** A file that a jail reads, or is meant to read, as the daemon sees it. */
export interface LogFileSeen {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'other' | 'missing' | 'unseen'
  readonly size: number
  /** milliseconds since the epoch; 0 where there is none */
  readonly modifiedAt: number
  /** device and number of the file; empty where there is none */
  readonly inode: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** when its folder was created; 0 where that is not known */
  readonly folderBornAt: number
}

/** The file into which fail2ban would log after a reload. */
export interface LogTargetSeen {
  readonly path: string
  /** what is in the place of its folder */
  readonly folder: LogFileSeen['kind']
}
