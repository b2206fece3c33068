import 'reflect-metadata';
import { container, type DependencyContainer, instanceCachingFactory } from 'tsyringe';

/** A symbol that carries the type of what it stands for; a bare symbol would let `resolve<Wrong>` compile. */
export type Token<T> = symbol & { readonly __type?: T };

export const token = <T>(name: string): Token<T> => Symbol(`strat.${name}`);

export type Container = DependencyContainer;

/** A container of its own: two kernels in one process share nothing. */
export const createContainer = (): Container => container.createChildContainer();

/** One instance a container: tsyringe throws on `Lifecycle.Singleton` with a factory. */
export function provide<T>(into: Container, what: Token<T>, make: (from: Container) => T): void {
  into.register<T>(what, { useFactory: instanceCachingFactory(make) });
}

export const use = <T>(from: Container, what: Token<T>): T => from.resolve<T>(what);
