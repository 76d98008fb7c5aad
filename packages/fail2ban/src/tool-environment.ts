/** The environment of programs: nothing of BanGUI's own environment, which may contain secrets, is passed on. */
export const toolEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  PYTHONIOENCODING: 'utf-8:replace',
}
