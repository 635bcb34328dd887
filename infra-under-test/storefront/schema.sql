-- Tenants are kept apart by PostgreSQL schemas: each has its own tables, and no statement of the shop can name
-- another tenant's. migrate.ts puts the tenant's schema in place of "tenant" and runs this once for each.
-- (Row-level security would keep them apart as well, but its barrier keeps full-text search off its index.)
create schema if not exists "tenant";

create table if not exists "tenant".products (
  id integer primary key,
  sku text not null,
  name text not null,
  description text not null,
  category text not null,
  price_cents integer not null check (price_cents > 0),
  search tsvector generated always as (to_tsvector('english', name || ' ' || category || ' ' || description)) stored
);

-- Apart from the products, and with room in its pages: the stock of a popular product changes many times a second.
create table if not exists "tenant".stock (
  product_id integer primary key references "tenant".products,
  available integer not null check (available >= 0)
) with (fillfactor = 50);

create table if not exists "tenant".carts (
  id text primary key,
  lines jsonb not null,
  total_cents bigint not null
) with (fillfactor = 50);

-- Written once a shopper and never again; a statement that is tried again finds its own row.
create table if not exists "tenant".sessions (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table if not exists "tenant".orders (
  id uuid primary key default uuidv7(),
  idempotency_key text not null collate "C",
  total_cents bigint not null,
  status text not null default 'paid',
  created_at timestamptz not null default now()
);

create table if not exists "tenant".order_lines (
  order_id uuid not null references "tenant".orders,
  product_id integer not null references "tenant".products,
  quantity integer not null check (quantity > 0),
  price_cents integer not null,
  primary key (order_id, product_id)
);

-- The response bodies of carts and orders are built where the rows are: one round trip, nothing to map in the pod.
create or replace function "tenant".order_body(order_id uuid) returns text language sql stable
begin atomic
  select json_build_object(
    'id', o.id,
    'key', o.idempotency_key,
    'lines', (
      select json_agg(json_build_object('productId', l.product_id, 'quantity', l.quantity, 'priceCents', l.price_cents)
                      order by l.product_id)
      from "tenant".order_lines l where l.order_id = o.id),
    'totalCents', o.total_cents,
    'status', o.status)::text
  from "tenant".orders o where o.id = order_body.order_id;
end;

-- Replaces the lines of a cart; null when a product is unknown.
create or replace function "tenant".put_cart(cart_id text, product_ids integer[], quantities integer[])
returns text language sql
begin atomic
  insert into "tenant".carts as cart (id, lines, total_cents)
  select
    put_cart.cart_id,
    coalesce(jsonb_agg(jsonb_build_object('productId', l.product_id, 'quantity', l.quantity, 'priceCents', p.price_cents)
                       order by l.position), '[]'),
    coalesce(sum(p.price_cents::bigint * l.quantity), 0)
  from unnest(put_cart.product_ids, put_cart.quantities) with ordinality as l (product_id, quantity, position)
  join "tenant".products p on p.id = l.product_id
  having count(*) = cardinality(put_cart.product_ids)
  on conflict (id) do update set lines = excluded.lines, total_cents = excluded.total_cents
  returning json_build_object('id', cart.id, 'lines', cart.lines, 'totalCents', cart.total_cents)::text;
end;

-- Lines of a cart or an order, one a product.
create or replace function "tenant".lines_of(lines jsonb) returns table (product_id integer, quantity integer)
language sql immutable
begin atomic
  select (line ->> 'productId')::integer, sum((line ->> 'quantity')::integer)::integer
  from jsonb_array_elements(lines_of.lines) line group by 1;
end;

-- Places an order, in one round trip and one transaction, from the lines given or else from those of the cart.
-- The same key again gives the order that is there. Raises SH001 out of stock, SH002 unknown product, SH003 unknown
-- cart, SH004 no lines.
create or replace function "tenant".place_order(
  key text, cart_id text, wanted jsonb, out body text, out replayed boolean) language plpgsql
as $$
declare
  new_id uuid;
  lines_wanted integer;
  lines_priced integer;
  lines_taken integer;
  total bigint;
begin
  replayed := false;
  if wanted is null then
    select lines into wanted from "tenant".carts where id = cart_id;
  end if;
  select count(*), count(p.id), sum(p.price_cents::bigint * l.quantity) into lines_wanted, lines_priced, total
    from "tenant".lines_of(wanted) l left join "tenant".products p on p.id = l.product_id;

  -- The order first: whoever comes second with the same key waits here, and then finds the first one's order.
  insert into "tenant".orders (idempotency_key, total_cents) values (key, coalesce(total, 0))
    on conflict do nothing returning id into new_id;
  if new_id is null then
    replayed := true;
    select "tenant".order_body(id) into body from "tenant".orders where idempotency_key = key;
    return;
  end if;

  if wanted is null then raise 'the cart is unknown' using errcode = 'SH003'; end if;
  if lines_wanted = 0 then raise 'the order has no lines' using errcode = 'SH004'; end if;
  if lines_priced < lines_wanted then raise 'a product is unknown' using errcode = 'SH002'; end if;

  -- Stock is locked in the order of the products' ids, so that two orders never wait for each other.
  perform 1 from "tenant".stock where product_id in (select product_id from "tenant".lines_of(wanted))
    order by product_id for update;
  update "tenant".stock s set available = s.available - l.quantity
    from "tenant".lines_of(wanted) l where s.product_id = l.product_id and s.available >= l.quantity;
  get diagnostics lines_taken = row_count;
  if lines_taken < lines_wanted then raise 'a product is out of stock' using errcode = 'SH001'; end if;

  insert into "tenant".order_lines (order_id, product_id, quantity, price_cents)
    select new_id, l.product_id, l.quantity, p.price_cents
    from "tenant".lines_of(wanted) l join "tenant".products p on p.id = l.product_id;
  body := "tenant".order_body(new_id);
end;
$$;

grant usage on schema "tenant" to shop;
grant select on all tables in schema "tenant" to shop;
grant update on "tenant".stock to shop;
grant insert, update on "tenant".carts to shop;
grant insert on "tenant".orders, "tenant".order_lines, "tenant".sessions to shop;
