/** What programs run with: nothing of our own environment, which may hold secrets, reaches them or what they start. */
export const toolEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  PYTHONIOENCODING: 'utf-8:replace',
}
