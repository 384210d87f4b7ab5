"""What invented customers and managers write in English: as people type, typos and all."""

LOW = """
waited three days for an answer, nobody called back
The papers were wrong again & had to be redone twice.
Deadline missed and not even a warning
Promised Thursday, came Monday. My own customers were waiting, what do I tell them
Prices went up quietly, found out from the invoice
impossible to get through on the phone
third time you mixed up the part number
Wrong goods. Nobody wants to exchange them, I'm sent from the warehouse to sales and back
Had to ask for the delivery note four times 😡
It used to be better
half the catalogue is "on order", so why have a catalogue
The return took a month. A MONTH.
Something missing in every second delivery
driver was rude at our gate
invoice went to our old address, accounts refused it
Boxes crushed, I can't put that on a shelf
I write, silence. I call, they say please write
Nobody told us the warehouse was closed, the van came back empty
Still waiting for the statement from July...
Faulty goods accepted, money not returned
18 shipped instead of 20, and the note says 20
there is not one person who is responsible for the whole order
The discount was agreed by phone and is not on the invoice.
Delivery costs half as much again as next door
certificates came expired
First it's in stock, then it isn't. We can't plan like that
A new manager every two months and we explain everything again
Always "let me check and call you back". They never do
slow. very slow
you stopped sending stock lists, we order blind
Customer portal down for the second week
paid for express, got the usual
No reaction at all to our complaint
Honestly we are already looking for someone else
Goods fine, service not
got somebody else's order and they argued to the end
They left the pallet in the middle of the yard
Nobody there on weekends, and weekends are when we sell
VAT number wrong on the invoice, again
Asked to be called after three, they ring at 8 am 🤦
Awful.Would not recommend
minimum order doubled, we can't sell that much
Payment terms cut, no explanation
"we do that for everyone" is not an answer
Receiving is a pain every time, papers travel apart from the goods
the sample you promised never arived
They said tomorrow. That makes four tomorrows
Order lost. found after I rang, a week later
warranty case took 40 days
won't recommend until delivery is sorted out
"""

MIDDLE = """
Good on the whole, delivery could be quicker.
Would be nice to get a delivery window, even two hours
Prices went up, I'd like to know why
ok
all fine, only invoices come late in the evening
Wider range please
Too few photos in the catalogue, I have to google
Would help to see stock online
Quick answers but not always to the point
21 days to pay and it would be a 10
Packaging a bit weak for long trips
Small things go wrong in the delivery notes now and then
One manager please, not two taking turns
Great goods, delivery so-so
hard to reach in season
No complaints, no fireworks either :)
A week's notice before prices rise please
A volume discount wouldn't hurt
no Saturday delivery
E-invoices please, paper gets lost
Nearly everything suits us
Returns take long to agree, the rest is good
ordering right here in the chat would be handy
Warehouse is far, hard to pick up ourselves
Website is slow
Good manager, but you can see he has too many of us
Dates drift a little, otherwise fine
no payment reminders, I forget 🙈
I'd like to see new lines before the season
Small orders are nobody's favourite
4 deliveries of 5 on time. 5 of 5 would be better
Could be a bit cheaper
Sometimes I have to remind you that we exist
not always clear who looks after our order
good, but others deliver to the door for free
Put the certificates in with the goods
Papers in order, long wait on the phone
Samples please, two of each would do
No complaints so far, let's see in winter
The price list changes its columns every time
Nobody there after six
will do
Fifth year with you, availability got a bit worse
Ask before you replace an item
Pallets could be strapped better, slipped twice
All good, minus one for waiting at the warehouse
Answers within the day, an hour would be great
fair price, good quality
Paid on Friday, seen on Tuesday
More offers for small shops
"""

HIGH = """
They answer quickly and to the point.
Our manager knows the goods better than we do 🙂
Always on time, papers in order.
Easy to work with, thank you!
Reliable
spot on
Third year together, not one missed date
Thanks for saving us last Friday, same day delivery 🙏
They call back when they say they will, rare these days
Quality
Warned us of a delay in time so we could rearrange. I value that
Told me honestly I didn't need it. Respect
the people
Paperwork without mistakes, my accountant is happy
👍👍👍
Ordered in the morning, in stock by lunch
The warehouse runs like clockwork
Clear prices, no surprises
Helped us find a replacement, our customers didn't even notice
Always reachable, even on Saturday
Payment terms and being treated like a human
all great
Sorted a faulty batch in one call
You can ring and talk to a person, not a robot
Range, nearly everything for home and garden
Never push what I don't need
Peace of mind. I order and forget about it
So quick!
Good packing, not one broken box this year
Sound advice, nothing gathers dust on our shelves now
10 out of 10 for delivery
Return done fast, money back on day three
Your driver Nick is the best 😀
Steady. I know it comes when you say
I like that you remeber our orders
Polite and patient, and I ask a lot of silly questions
speed and price
trust
Free samples, and now it's our best seller
great service, already told my friends
They always correct a mistake, never an argument
Clear catalogue, real photos
One person who knows everything about our order
Well done, keep it up!
Helped with the papers for a tender
The easiest of our five suppliers
you save us every season
Never let us down
A pleasure to deal with
Fair terms for a small shop, nobody looks down on us
Growing together with you ❤️
fast loading and they are careful
There is always a way to agree
They come before we open, very handy
My manager calls when we're running low
I like everything
You send stock lists every day now, thanks
Exchanges without paperwork
Fresh batches, good dates
Quality is the same from batch to batch
Value for money
even better since you moved the warehouse
They answer in the messenger, no need to ring
Deliveries to the day
Found a rare part in two days, I'd given up
That you listen. We asked, you did it
Always clear what, when and how much
Responsibility
Been with you for years and staying
Thank you for your work!
"""

MANAGER = """
Too much typing, every card has to be filled in twice
nothing, a good month
The price list changed three times
No live stock figures
Friday reports eat half a day
Contracts sit with legal too long
Two customers on holiday, deals on hold
phone system kept dropping calls
No single history of letters, I search my mailbox
Covered for a colleague, hardly called my own customers
Logistics would not confirm dates
I learn of faulty goods from the customer, not from the warehouse
I make offers by hand in Word
All fine, nothing got in the way
Many small orders, no time left for the big ones
The offers were announced on the last day
"""
