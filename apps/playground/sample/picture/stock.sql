begin;

update shop.products set stock = stock - 12 where id = 42 returning name, stock;
