export const FEATURED = `
  select category, count(*)::integer as products, round(avg(price), 2)::float8 as average_price
  from shop.products where discontinued_at is null
  group by category order by category`;

export const CUSTOMER = `
  select id::integer, name, city, country, segment, created_at, preferences
  from shop.customers where id = $1`;

export const CUSTOMER_ORDERS = `
  select orders.id::integer, status, ordered_at, count(*)::integer as lines, sum(quantity * unit_price)::float8 as total
  from shop.orders join shop.order_lines on order_id = orders.id
  where customer_id = $1
  group by orders.id order by ordered_at desc limit 10`;

export const RECENT_ORDERS = `
  select orders.id::integer, customers.name as customer, city, status, ordered_at
  from shop.orders join shop.customers on customers.id = customer_id
  order by ordered_at desc limit $1`;

export const SEARCH = `
  select id::integer, sku, name, category, price::float8
  from shop.products
  where discontinued_at is null and strpos(lower(name), lower($1)) > 0
  order by price limit 20`;

export const REPORT = `
  with bought as (
    select customer_id, product_id, sum(quantity) as quantity
    from shop.orders join shop.order_lines on order_id = orders.id
    where status <> 'cancelled'
    group by customer_id, product_id
  ), pairs as (
    select a.product_id as one, b.product_id as other, count(*) as customers, sum(least(a.quantity, b.quantity)) as times
    from bought a join bought b on b.customer_id = a.customer_id and b.product_id > a.product_id
    group by a.product_id, b.product_id
  )
  select one.name as product, other.name as bought_with, customers::integer, times::integer,
    rank() over (order by customers desc)::integer as rank
  from pairs join shop.products one on one.id = pairs.one join shop.products other on other.id = pairs.other
  order by customers desc, times desc limit 25`;

export const INSERT_ORDER = `
  insert into shop.orders (customer_id, status, ordered_at, shipping)
  select id, 'pending', now(), '{"carrier": "Swift Parcel"}' from shop.customers where id = $1
  returning id`;

export const TAKE_STOCK = `
  update shop.products set stock = stock - $2
  where id = $1 and stock >= $2 and discontinued_at is null
  returning price`;

export const INSERT_LINE = `
  insert into shop.order_lines (order_id, line_number, product_id, quantity, unit_price)
  values ($1, $2, $3, $4, $5)`;
