-- PostgreSQL has uuidv7() since 18. Before that: a random UUID with the time in front (RFC 9562, section 5.7).
do $do$
begin
  if to_regprocedure('uuidv7()') is not null then return; end if;
  create function public.uuidv7() returns uuid language sql volatile as $$
    select encode(
      set_byte(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
        6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112),
      'hex')::uuid
  $$;
end
$do$;
