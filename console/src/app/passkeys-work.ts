/** Can passkeys be used here? Browsers make them for names alone, over an encrypted connection or on this machine. */
export function passkeysWork(): boolean {
  const number = /^[\d.]+$|^\[/.test(window.location.hostname)
  return window.isSecureContext && !number && 'PublicKeyCredential' in window
}
