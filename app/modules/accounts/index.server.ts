export { deleteExpiredSignIns, endAllSignIns, endSignIn, readSignIn, startSignIn } from './sign-in-session.server';
