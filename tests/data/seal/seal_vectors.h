/* Made by vectors.py, which is a second implementation: do not edit. */
/* clang-format off */
#ifndef SEAL_VECTORS_H
#define SEAL_VECTORS_H

static const char device_a[] =
    "00000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"
    "1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e"
    "3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e"
    "5f";

static const char device_b[] =
    "006465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182"
    "838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2"
    "a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2"
    "c3";

static const char device_a_public[] =
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254"
    "79a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51a";

static const char fingerprint_of_a[] =
    "96395 81933 88902 41094 37227 29886 72266 09428 77236 93047 51125 70381";

static const char fingerprint_of_both[] =
    "73484 77048 62006 64964 11795 49398 52042 32346 96793 25137 24390 93639";

static const char chain_start_up[] =
    "4863e858f4a877c85ab1dc2f3ef7783e4ecc05cac13d4737d94bf205c3d1b86b";

static const char chain_start_down[] =
    "4aba23d474a3549bce38020d04a28d9d0c36af65c48427041abde4676b909d9b";

static const char frame_body[] =
    "c0cb53a9b8ebee89dae995425a557ead65ea87fd4cc5af90d5259fa17a573f3a"
    "74b25c0962";

static const char frame_key_down[] =
    "622cffd7a5f96a47da0439c705320ee61911ae443c26d198b8e3975e52c1e38c";

static const char frame_table[] =
    "f1abb4aa926d8da85165b02579296146";

static const char chain_head[] =
    "a06e02e8977e09a23c73130ac78f3a6aa5d63fe3045ced3e651de7e27f2656d9";

static const char chain_signature[] =
    "471867928bdb3e827111403ddfd8b02977c741f5787163b9327f773e36e130ba"
    "fa0ac840cd9f99fce1433321cf9f95f8714d87ff33e16d3a19d6c7af839eb20c";

static const char chain_left_signature[] =
    "b19bc0e7ab7c94e6d635b2bdb980b1de5209eaefad231ecfc3f7cfebb39e4265"
    "6869d474f6b9e19f6e3081cdacd4d8b4cabf80b36b197ec223f8758c5423990a";

static const char session_hello[] =
    "803e5c484d0887b400ebd887b19219d1";

static const char bundle_hub[] =
    "e3928cf2bbeedcbf254d546859688a56";

static const char session_node_1[] =
    "f068db6bb58bc25a6f2cb89c39478d3c";

static const char session_hub_2[] =
    "a00069ce4cd9b65817b82bb67961d1b4";

static const char record_key[] =
    "0349c4e7acaf197d4ef0bb992d08329b81993a1ca6afbab9a8dd0b702080c7a7";

static const char identity_plain[] =
    "d985d8b1d98ad98520d8a8d986d8aa20d8a3d8add985d8af";

static const char identity_value[] =
    "00ac02020100010203040506076a4c0eeb98120b6509b206a74f5c0391b0d865"
    "07225edbb9d1e40172856cc68a85ae436a7e0b01882251dd15afac2012";

static const char wrap_public[] =
    "e8f474c09494443dfe5a62392e0b490cdd0e0d48bbb87a4fdc4a046573c49212";

static const char wrap[] =
    "000000012c00000002000000010000012d00000004000000078f40c5adb68f25"
    "624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f5882a4b0bd10c0"
    "773739ac22bf7fe9763135ad0b66c7314dd78cba76b3061ff9a198a14deb0331"
    "19b56a92488fb306bbf85b24df33d16f70d407225bf9eb400100d79b71f9244b"
    "fe1678680ac06fca0ffd715e9938551da824a5aa93ed4c685ed024a0b4b3fc4e"
    "ade6e741f1784a8f09";

static const char wrap_element[] =
    "6d2a28d1e529350c";

static const char office_key[] =
    "000000012d0000000400000007e8f474c09494443dfe5a62392e0b490cdd0e0d"
    "48bbb87a4fdc4a046573c492124b7d6d2cd719edd695a10cc1621961d0d3c76b"
    "2b8103bd040e892c9a73fa196c6946ad0c284a094468e09fe1207513ba332e4e"
    "d37c8b00b30dc0e179f9fe5900";

static const char box[] =
    "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
    "eff6a198a3206772a9f34c2a5cc2cfaa63531b3492cb8eca9016e924c7f29057"
    "db137eebf51be820edf1280a4a78f9d3";

static const char invite_request[] =
    "0fb2e38e7cc20b3166e75aa6348f53c06a90bac9b1600002c6042f827960008f";

static const char invite_answer[] =
    "dd53f201eb244be8934a27b631c47afe6dba9add64846d0d5964e5bd16a0f5e1";

static const char certificate[] =
    "000100000000000003e8000000070000012d03a107bff3ce10be1d70dd18e74b"
    "c09967e4d6309ba50d5f1ddc8664125531b8358072d6365880d1aeea329adf91"
    "21383851ed21a28e3b75e965d0d2cd16625479a631eede1bf9c98f12032cdead"
    "d0e7a079398fc786b88cc846ec89af85a51a85d19f7ef94da662392489b45e2b"
    "9d1d55e35b975596438f1a2070e2ea35869548bac23142b3f273331ddfe28adb"
    "05908d50081184f394bdb9656b779c487501";

static const char registrar[] =
    "00c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6"
    "e7";

static const char hash_content[] =
    "a825675888b8c827e55d1e28b1dfbabdf126d73fda6bfa4068b8f4bd401d5f3c";

static const char hash_catalogue[] =
    "b39f42911660c83654f2b729cc965f2d530f561207ee480430ea7a883e982a8e";

static const char hash_value[] =
    "c78fae7cdbff15b41efbdb4c1a264d60e64ee3d1c2bb634e167d9d41c52c4b1e";

static const char hash_piece[] =
    "ccf08ce43321af1ebc962f255c7c7d15fe68dd7f786d0a0ea68d676cd5449b24";

static const char digest[] =
    "ed27054c3ed474a56f13c7bce8e41ef2";

static const char key_file[] =
    "tip-vault-key-0 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

static const char stored_value[] =
    "00000102030405060708090a0b0c0d0e0f1011121314151617a8ab26a3d961c3"
    "ed2cb62aa50141d54860db15e0f26b";

#endif /* SEAL_VECTORS_H */
