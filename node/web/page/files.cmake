# What the page is made of: the one list, of which index.html, what the program hands out (page_files.h) and
# what is copied beside it are made. What all views need comes with the page; the rest when a view is opened, or
# before, when there is nothing else to do.
set(page_libraries vendor/preact.js vendor/hooks.js vendor/htm.js)
set(page_first html.js ask.js words.js words_page.js parts.js login.js)
set(page_later
  card.js case.js contact.js do.js erase.js figures.js files.js finding.js help.js households.js inside.js light.js list.js
  me.js moves.js notices.js open.js pages.js pinyin.js qr.js queue.js rates.js roads.js roster.js rows.js sealed.js setup.js today.js township.js
  villages.js words_cases.js words_help.js words_rest.js words_township.js workers.js)
set(page_files app.js ${page_first} ${page_later} icon.svg openapi.json page.css)

# Makes FILE, which lists them for C.
function(yizhan_page_list file)
  list(TRANSFORM page_files REPLACE "(.+)" "    \"\\1\",\n" OUTPUT_VARIABLE own)
  list(TRANSFORM page_libraries REPLACE "(.+)" "    \"\\1\",\n" OUTPUT_VARIABLE libraries)
  string(CONCAT lines "    \"index.html\",\n" ${own} ${libraries})
  file(CONFIGURE OUTPUT ${file} CONTENT "${lines}")
endfunction()

# Makes FILE of index.html: with what the browser may fetch before it is told to.
function(yizhan_page_index file)
  list(TRANSFORM page_libraries REPLACE "(.+)" "    <link rel=\"modulepreload\" href=\"/\\1\">\n" OUTPUT_VARIABLE libraries)
  list(TRANSFORM page_first REPLACE "(.+)" "    <link rel=\"modulepreload\" href=\"/\\1\">\n" OUTPUT_VARIABLE own)
  string(CONCAT preload ${libraries} ${own})
  string(STRIP "${preload}" preload)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/index.html ${file} @ONLY)
endfunction()
