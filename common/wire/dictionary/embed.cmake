# Goal: turn the dictionaries into a .c file.
# cmake -DOUT=<file.c> -DDIR=<folder of the dictionaries> -P embed.cmake
set(code "#include \"tip_dictionary.h\"\n")
foreach(pair "up;up.1" "down;down.2")
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${DIR}/${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(APPEND code "\nstatic const uint8_t ${name}[] = {\n${bytes}};\n\n"
    "struct tip_bytes tip_dictionary_${name}(void)\n{\n"
    "    return TIP_BYTES_OF(${name});\n}\n")
endforeach()
file(WRITE ${OUT} "${code}")
