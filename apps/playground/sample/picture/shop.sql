-- Revenue by category, and the rank by orders.
select category,
  count(distinct order_id) as orders,
  sum(quantity * unit_price) as revenue,
  rank() over (order by count(distinct order_id) desc) as by_orders
from shop.order_lines
join shop.products on products.id = product_id
group by category
order by revenue desc;

-- What customers like.
select name, city, preferences -> 'favourites' as likes
from shop.customers
limit 20;
