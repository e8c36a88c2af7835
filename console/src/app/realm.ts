import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Realm } from '../api/client.ts'

/** Live or test data, as the address says. */
export function useRealm(): { readonly realm: Realm; setRealm(realm: Realm): Promise<void> } {
  const { realm } = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  return {
    realm: realm ?? 'live',
    // Said outright, or the address would keep the one it has.
    setRealm: (next) => navigate({ to: '/', search: { realm: next } }),
  }
}
