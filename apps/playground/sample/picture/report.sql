select count(*), pg_sleep(60) from shop.events;
