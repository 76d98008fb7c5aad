import * as z from 'zod'
import { UpdateSettingsInput } from './settings.ts'

export const Role = z.enum(['admin', 'operator', 'viewer'])
export type Role = z.infer<typeof Role>

export const Username = z
  .string()
  .trim()
  .min(1, 'Enter a user name.')
  .max(64, 'The user name must not be longer than 64 characters.')
  .regex(/^[^\p{C}]+$/u, 'A user name has no control characters.')

export const NewPassword = z
  .string()
  .min(10, 'A password has at least 10 characters.')
  .max(1024, 'The password must not be longer than 1024 characters.')

export const LoginInput = z.object({
  username: z.string().min(1, 'Enter your user name.').max(256, 'That user name is too long.'),
  password: z.string().min(1, 'Enter your password.').max(1024, 'That password is too long.'),
  code: z.string().max(16).optional(),
})
export type LoginInput = z.infer<typeof LoginInput>

export const CompleteSetupInput = z.object({
  username: Username,
  password: NewPassword,
  token: z.string().min(1, 'Enter the setup token.').max(256, 'That setup token is not valid.'),
  settings: UpdateSettingsInput.optional(),
})
export type CompleteSetupInput = z.infer<typeof CompleteSetupInput>

export const ChangePasswordInput = z.object({
  current: z.string().min(1, 'Enter your current password.').max(1024, 'That password is too long.'),
  password: NewPassword,
})
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>

export const SessionUser = z.object({ name: z.string(), role: Role })
export type SessionUser = z.infer<typeof SessionUser>
