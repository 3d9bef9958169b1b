/** Names that read well and belong to nobody. */
export const firstNames = words(`
  Adelheid Alaric Ambrose Anselm Aurora Balthasar Beatrix Benedict Bettina Caspian Celestine Clementine Cordelia Cosmo Crispin
  Damaris Desmond Dorothea Edwina Eldon Elspeth Emeric Esme Eustace Fenella Ferdinand Florian Gideon Ginevra Godfrey Gwendolen Hadrian
  Hester Horatio Ignatia Imogen Isidore Jocasta Jonquil Lavinia Leopold Linnet Lucan Magnus Marigold Mireille Mortimer Nerissa Oberon
  Octavia Orlando Ottilie Peregrine Perdita Primrose Quentin Rosamund Rupert Saffron Septimus Sibyl Tamsin Thaddeus Ursula Valentina
  Verity Wilhelmina Winifred Xanthe Zebedee
`);

export const familyNames = words(`
  Amberfield Applewhistle Ashbramble Bellweather Birchwhistle Blackquill Bramblewick Brightwater Brindlemoor Buttercroft Candlewick
  Cloverfinch Copperpot Cottonbrook Dappleworth Dewmantle Driftwood-Bell Eastermeadow Elderbloom Emberly Featherstonely Fernsby
  Fiddlewood Foxglade Frostwick Gingerbrook Goldenreed Greengable Hazelgrove Heatherwick Hollybush Honeywell-Moss Inkwell-Grey Ironleaf
  Juniperley Kettleburn Larkspurn Lavenderly Lindenbaum-Low Marblethorpe Meadowlark Merrimeadow Mistlebury Moonwhistle Nettlefold-Orr
  Nightingull Oakapple Orchardson Pebblebrook Pepperwood Plumtreely Quillfeather Rainsford-Dell Reedwarbler Rosethorn Rowanberry
  Saltmarsh Silverbirch Snowdropley Starlingford Stonecropp Summerfields Swiftwater Tanglewood Thistledown Treacleford Twiggleswade
  Underbough Velvetine Wagtail-Crane Waterlily-Shaw Whistlecroft Willowisp Wintergreenly Yarrowby
`);

/** First parts of company names; the second parts say what they trade in. */
export const companyNames = words(`
  Bluestile Brackenfoot Cinderhill Copperfern Cuckoobank Dandelion Eaglestone Ferrywick Glimmerdale Graniteheart Hedgerow Ivorytide
  Jackdaw Kingfisher-Bay Lanternlight Moorcock Mossback Nutmeg Otterbrook Pinecone Puddlebridge Quicksilverton Ravenfeather Seacoal
  Sparrowhawk Sugarloaf Tideswell-Up Turnstone Weathervane Windlestraw
`);
export const companyTrades = [
  'Quarries Ltd',
  'Constructions Ltd',
  'Timber Ltd',
  'Shipping Ltd',
  'Earthworks Ltd',
  'Estates Ltd',
  'Trading Ltd',
  'Fisheries Ltd',
  'Medical Supplies Ltd',
  'Engineering Ltd',
  'Security Services Ltd',
  'Motors Ltd',
  'Holdings Ltd',
  'Catering Ltd',
  'Plantations Ltd',
];

export const places = words(`
  Applecross-Ness Bellbuoy Bramblehaven Cloudbury Dunlark Eelmarsh Farthingwell Gannetscar Greywether Hartsbeck Inchmallow Kestrelford
  Lower-Willowmere Milkwater Otterholt Pennywhistle-Bay Quarrelstone Ravelstow Sandpiper-Point Thornwick Upper-Willowmere Wrenfield
`).map((place) => place.replaceAll('-', ' '));

export const regions = ['Capital District', 'Northern Coast', 'Lakes', 'Highlands', 'Southern Plains', 'Outer Islands'];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
