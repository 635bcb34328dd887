import { AwsError } from '../service.ts';

/** The errors that FIS documents, with their HTTP statuses. */
export const validation = (message: string): AwsError => new AwsError('ValidationException', 400, message);
export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', 404, message);
export const conflict = (message: string): AwsError => new AwsError('ConflictException', 409, message);
export const quotaExceeded = (message: string): AwsError => new AwsError('ServiceQuotaExceededException', 402, message);
