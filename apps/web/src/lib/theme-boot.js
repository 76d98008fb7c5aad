// runs before the first paint, so that a chosen theme never flashes in the other one
try {
  const theme = localStorage.getItem('bangui.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // storage is closed to us: the system's theme stands
}
