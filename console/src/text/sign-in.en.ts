/** Texts about passkeys and single sign-on, loaded with the pages that need them. */
export const signInEn = {
  'passkey.title': 'Passkeys',
  'passkey.about':
    'A passkey is kept by your computer, telephone or security key, and opened by a finger, a face or a PIN. It signs you in by itself: no name, password or code is needed, and from then on the password alone opens nothing.',
  'passkey.none': 'You have no passkey.',
  'passkey.add': 'Add a passkey',
  'passkey.name': 'What you call it',
  'passkey.nameHint': 'So that you know it again, as Work laptop.',
  'passkey.known': 'This device holds a passkey for your account already.',
  'passkey.impossible':
    'Passkeys work only where the console is opened by its name, over https, in a browser that knows them.',
  'passkey.used': 'last used',
  'passkey.never': 'not used yet',
  'passkey.ask': 'Your passkey',
  'passkey.askAbout': 'A password alone does not open this account. Go on with your passkey.',
  'passkey.or': 'Or use your passkey in place of a code:',
  'passkey.orAdd': 'Or a passkey',
} as const

export type SignInKey = keyof typeof signInEn
