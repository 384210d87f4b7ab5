// Without this everything works too: it stops a second press, and shows an old page anew.
// A page that itself answered a form is gone back to by its address: Back sends no form again.
let sent = false
document.addEventListener("submit", event => {
  if (sent) event.preventDefault()
  sent = true
  history.replaceState(null, "")
  document.documentElement.classList.add("sent")
})
window.addEventListener("pageshow", event => { if (event.persisted) location.reload() })
