import { AppError } from './errors.ts'

/** An error as somebody who is not signed in is told it: where the database is, is nothing for strangers. */
export const forStrangers = (error: AppError): AppError =>
  error.code === 'database_unavailable'
    ? new AppError(error.code, { message: 'the log says why.' }, { cause: error.cause })
    : error
