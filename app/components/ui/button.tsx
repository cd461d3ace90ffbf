import { Link } from './link';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';

/** One `primary` in a view. `danger` is a red outline; `danger-solid` only in the dialog that confirms. */
export type ButtonVariant = 'plain' | 'primary' | 'danger' | 'danger-solid' | 'quiet';
export type ButtonSize = 'normal' | 'small' | 'wide';

export interface ButtonLook {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Full width on phones. */
  grow?: boolean;
}

const variantClass: Record<ButtonVariant, string> = {
  plain: '',
  primary: 'btn-primary',
  danger: 'btn-danger',
  'danger-solid': 'btn-danger btn-solid',
  quiet: 'btn-quiet',
};
const sizeClass: Record<ButtonSize, string> = { normal: '', small: 'btn-small', wide: 'btn-wide' };

/** The classes of a button, for a `summary` or another element that must look like one. */
export function buttonClasses({ variant = 'plain', size = 'normal', grow = false }: ButtonLook, extra?: string): string {
  return classes('btn', variantClass[variant], sizeClass[size], grow && 'btn-grow', extra);
}

interface ButtonProps extends Omit<ComponentProps<'button'>, 'ref'>, ButtonLook {
  /** Keeps the label, shows a moving line, and ignores further clicks. */
  busy?: boolean;
  children: ReactNode;
}

/** Submits its form unless `type` says otherwise. The label says what happens and for how much: "Buy for $90.00". */
export function Button({ variant, size, grow, busy = false, className, type = 'submit', onClick, children, ...rest }: ButtonProps) {
  const look = { ...(variant && { variant }), ...(size && { size }), ...(grow && { grow }) };
  const guard: ComponentProps<'button'>['onClick'] = busy ? (event) => event.preventDefault() : onClick;
  return (
    <button {...rest} type={type} className={buttonClasses(look, className)} {...(busy && { 'aria-busy': true })} onClick={guard}>
      {children}
    </button>
  );
}

interface LinkButtonProps extends Omit<ComponentProps<typeof Link>, 'ref'>, ButtonLook {}

/** A link that looks like a button, for going somewhere; anything that changes something is a `Button` in a form. */
export function LinkButton({ variant, size, grow, className, children, ...rest }: LinkButtonProps) {
  const look = { ...(variant && { variant }), ...(size && { size }), ...(grow && { grow }) };
  return (
    <Link {...rest} className={buttonClasses(look, className)}>
      {children}
    </Link>
  );
}
