import { foldCountry, type Countries } from '../domain/territory/countries';

/** Languages in which sources name countries. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'pl', 'ja', 'zh', 'ko'] as const;

/** ISO 3166-1: alpha-2 and alpha-3, without a sign between them. */
const CODES =
  'ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE';

/** Those of two letters. */
export const COUNTRY_CODES: readonly string[] = CODES.split(' ').map((pair) => pair.slice(0, 2));

/** Names that people write and no list has. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  GB: [
    'UK',
    'Great Britain',
    'England',
    'Scotland',
    'Wales',
    'Northern Ireland',
    'Vereinigtes Königreich von Grossbritannien',
  ],
  US: ['U.S.A.', 'United States of America', 'America', 'EE. UU.', 'États-Unis d’Amérique'],
  NL: ['Holland', 'The Netherlands'],
  KR: ['Korea, Republic of', 'Republic of Korea', 'Korea'],
  CZ: ['Czech Republic', 'Tschechische Republik'],
  TR: ['Turkey', 'Türkiye'],
  RU: ['Russian Federation'],
  VN: ['Viet Nam'],
  CI: ['Ivory Coast'],
  HK: ['Hong Kong'],
  MO: ['Macao', 'Macau'],
  TW: ['Taiwan, Province of China'],
  BO: ['Bolivia, Plurinational State of'],
  VE: ['Venezuela, Bolivarian Republic of'],
  IR: ['Iran, Islamic Republic of'],
  TZ: ['Tanzania, United Republic of'],
  MD: ['Moldova, Republic of'],
  MK: ['Macedonia'],
  CH: ['Switzerland', 'Schweizerische Eidgenossenschaft'],
};

/** Under which names and codes sources know countries: those of ISO 3166-1, and their names in a dozen languages. */
export function knownCountries(): Countries {
  const known = new Map<string, string>();
  const codes = CODES.split(' ').map((pair) => [pair.slice(0, 2), pair.slice(2)] as const);
  for (const language of LANGUAGES) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const [code] of codes) {
      const name = names.of(code);
      if (name !== undefined) known.set(foldCountry(name), code);
    }
  }
  for (const [code, others] of Object.entries(OTHERS))
    for (const other of others) known.set(foldCountry(other), code);
  // Codes last: no name of another country takes the place of one.
  for (const [code, long] of codes) {
    known.set(foldCountry(code), code);
    known.set(foldCountry(long), code);
  }
  return known;
}
