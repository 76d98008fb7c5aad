import { AppError } from './errors.ts'

/** An error as it is shown without a session: the path of the database is not for strangers. */
export const forStrangers = (error: AppError): AppError =>
  error.code === 'database_unavailable'
    ? new AppError(error.code, { message: 'the log says why.' }, { cause: error.cause })
    : error
