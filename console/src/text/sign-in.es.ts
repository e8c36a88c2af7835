import type { SignInKey } from './sign-in.en.ts'

/** Los textos sobre llaves de acceso e inicio de sesión único. */
export const signInEs: Readonly<Record<SignInKey, string>> = {
  'passkey.title': 'Llaves de acceso',
  'passkey.about':
    'Una llave de acceso la guarda su computadora, teléfono o llave de seguridad, y se abre con un dedo, la cara o un PIN. Basta por sí sola: no hacen falta nombre, contraseña ni código, y desde entonces la contraseña sola no abre nada.',
  'passkey.none': 'No tiene ninguna llave de acceso.',
  'passkey.add': 'Añadir una llave de acceso',
  'passkey.name': 'Cómo la llama',
  'passkey.nameHint': 'Para reconocerla, como Portátil del trabajo.',
  'passkey.known': 'Este dispositivo ya guarda una llave de acceso para su cuenta.',
  'passkey.impossible':
    'Las llaves de acceso solo funcionan donde la consola se abre por su nombre, con https, en un navegador que las conoce.',
  'passkey.used': 'último uso',
  'passkey.never': 'aún sin usar',
  'passkey.ask': 'Su llave de acceso',
  'passkey.askAbout': 'La contraseña sola no abre esta cuenta. Siga con su llave de acceso.',
  'passkey.or': 'O use su llave de acceso en lugar de un código:',
  'passkey.orAdd': 'O una llave de acceso',
}
