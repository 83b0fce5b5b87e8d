INSERT INTO stock (sku, qty) VALUES ('mug', 40), ('lamp', 12);
INSERT INTO credit (account, cents) VALUES ('ada', 5000), ('grace', 1000);
