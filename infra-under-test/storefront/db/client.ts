import pg from 'pg';
import { codedError } from './errors.ts';
import type { Address, ServiceName } from './names.ts';
import type { RestingAddresses } from './resting.ts';

export interface ClientOptions {
  name: ServiceName;
  resting: RestingAddresses;
  /** Refuse a server that takes no writes, as libpq's target_session_attrs=read-write does. */
  mustBeWriter: boolean;
}

type Connected = (error: Error | null, client?: pg.Client) => void;
/** What pg's types leave out: parameters that the server reports while a connection is opened. */
type Reporting = { connection: { on(event: 'parameterStatus', listener: (status: ParameterStatus) => void): void } };
interface ParameterStatus {
  parameterName: string;
  parameterValue: string;
}

const reportsReadOnly = ({ parameterName, parameterValue }: ParameterStatus): boolean =>
  (parameterName === 'in_hot_standby' || parameterName === 'default_transaction_read_only') && parameterValue === 'on';

/** A pg.Client for pools that resolves a name each time it connects. */
export function clientOf({ name, resting, mustBeWriter }: ClientOptions): typeof pg.Client {
  class NamedClient extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | undefined {
      const connected = this.#connectByName();
      if (!callback) return connected;
      connected.then((client) => callback(null, client), callback);
      return undefined;
    }

    async #connectByName(): Promise<pg.Client> {
      const address = resting.pick(await name.lookup());
      try {
        await this.#connectTo(address);
        resting.succeeded(address);
        return this;
      } catch (error) {
        resting.failed(address);
        name.invalidate();
        throw error;
      }
    }

    async #connectTo(address: Address): Promise<void> {
      let readOnly = false;
      (this as unknown as Reporting).connection.on('parameterStatus', (status) => {
        readOnly ||= reportsReadOnly(status);
      });
      Object.assign(this, address);
      await super.connect();
      if (!readOnly || !mustBeWriter) return;
      void this.end();
      throw codedError('25006', `${address.host}:${address.port} takes no writes`);
    }
  }
  return NamedClient;
}
