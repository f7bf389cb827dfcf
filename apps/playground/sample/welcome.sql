-- Welcome to Rockpool. This file is connected to the sample shop.
-- Put the cursor in a statement and press Ctrl+Enter (Cmd+Enter on a Mac).

select name, category, price, stock
from shop.products
where discontinued_at is null
order by price desc
limit 50;

-- Revenue by month.
select date_trunc('month', ordered_at)::date as month, count(*) as orders, sum(total) as revenue
from shop.order_totals
where status <> 'cancelled'
group by month
order by month;

-- Who bought most, and what they like (jsonb).
select customers.name, city, count(*) as orders, preferences -> 'favourites' as favourites
from shop.customers join shop.orders on orders.customer_id = customers.id
group by customers.id
order by orders desc
limit 20;

-- A transaction keeps its connection: watch the Pools view, then commit or roll back.
begin;
update shop.products set stock = stock - 1 where id = 1 returning name, stock;
rollback;

-- Ten seconds to see a slot in use. Cancel it there, or here.
select pg_sleep(10);

-- A mistake is marked where it is.
select nmae from shop.customers;
