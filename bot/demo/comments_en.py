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
Invoice came a week after the goods
the storeman refused to count with me there
Two weeks and no answer to our claim
Half the order cancelled on the day of shipping
Colour is not that of the sample
You forgot us at New Year, had to buy at the market
You ring for a rating but nobody can answer a question
our manager left and nobody told us
Two sacks short, and half a day to prove it wasn't my mistake
Your bot answers faster than your people and that is no compliment
van had no pass, we waited three hours
Charged twice for one order
One price in the list, another on the invoice
said they'd call back. Didn't. As usual
Paid for urgent delivery, got it in five days
I no longer understand your discounts at all
replacement sent without asking, return at our cost
delivery notes without a stamp
No small lots any more, there used to be
can't get hold of your accounts people
Boxes without labels, we sorted them until night
Came to collect, order not picked 🙄
They talk to us as if they were doing us a favour
warranty refused, and we pay the inspection
Second time this month you fail us right before the weekend
told me it was on its way, it had not even been ordered
Asked for the quality certificate for four days
Expensive and awkward
wrong size, third batch running
Lost our old contract and want it signed again
Website support is silent
our credit limit was cut and we learned it at the warehouse
It's always somebody else: warehouse, logistics, the weather
Cost me a regular customer of my own
packaging stinks and the goods took the smell
Tell us straight, do you want small customers or not
waited for the courier nine to nine, he came next day
Price went up after we had paid
Driver broke our shop window, still silence
sad after so many years
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
Nice to know the driver's name beforehand
a bit more attention to detail
Wednesdays don't suit us, Tuesday would
No reviews of products on the site
Waiting for the old packaging to come back
Portal not bad but no search by delivery note
you could remind us that an offer ends
Dates usually ok, August was bumpy
manager answers at night, hard to catch by day 🙂
Invoice and note together would be handier
I'd like to see where the van is
All suits except the minimum order
Sometimes not everything comes, the rest follows
four out of five
Add card payment on delivery
Check the address, twice they drove to our old store
a second contact would be good
Like the goods, don't like waiting on returns
Loyalty scheme a bit complicated
One PDF catalogue please
still getting used to the new manager
Not bad, but everything by phone and I want it written
Update the stock more often
Packs are large, smaller ones would suit us
Shipping before nine would be nice
Still comparing with others
papers arrive in separate mails, a nuisance to collect
Quality suits, logistics not always
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
They delivered even in the snow
With you I dare to promise dates to my own customers
attention to little things
Found a mistake in our favour themselves and put it right
Nice people at the warehouse, always help to load
Sorted the mix-up in an hour
they answer the question instead of fobbing you off
prices hold all season, we can plan
They give an honest date, not a pretty one
They remember my son's name :)
The range moves on, always something to show
two clicks and it's ordered
Payment terms granted without fuss
Flexible, they fitted our hours
Polite and no waffle
First supplier whose stock figures are right
goods arrive clean, whole and with papers
Special thanks for the advice!
they know what to recommend
Not one mix-up in half a year
Swapped the faulty one on the spot 👏
They put their heart in it
Everything that the contract says
quick decisions over the phone
Good loading times
fair and square
Helped us set up the shelves, sales went up
Drivers are easy to reach
I don't feel like a number in a queue
Accounts answer the same day
excellent team!
Good bundles
thanks for your patience with our changes
Delivery right in the window
They come to meet us in person
haven't looked for better and won't
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
No samples of the new line
A calm month, called everybody
Requests got lost between chat and mail
The warehouse shipped out of order
Learning the new report form
Discounts took long to agree
Old phone numbers in the database
recounting prices by hand
Two weeks without an assistant
Everything suited me
"""
