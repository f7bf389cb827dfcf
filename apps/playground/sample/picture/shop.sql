-- Revenue by category, with its share of the whole.
select category,
  count(distinct order_id) as orders,
  sum(quantity * unit_price) as revenue,
  round(100 * sum(quantity * unit_price) / sum(sum(quantity * unit_price)) over (), 1) as share
from shop.order_lines
join shop.products on products.id = product_id
group by category
order by revenue desc;

-- Who bought most, and what they like.
select name, city, preferences -> 'favourites' as favourites from shop.customers limit 20;
