// apart from the schemas, so that the web takes no schema with it

/** The key of the host that BanGUI itself runs on, and its id in the database. */
export const LOCAL_HOST_KEY = 'local'
export const LOCAL_HOST_ID = 1

/** What `host` is when all hosts are meant that the caller may see. */
export const ALL_HOSTS = 'all'
