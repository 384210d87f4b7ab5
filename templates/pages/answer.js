// Without this everything works too: it stops a second press, and shows an old page anew.
let sent = false
document.addEventListener("submit", event => {
  if (sent) event.preventDefault()
  sent = true
  document.documentElement.classList.add("sent")
})
window.addEventListener("pageshow", event => { if (event.persisted) location.reload() })
