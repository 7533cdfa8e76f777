find_program(YIZHAN_NPM npm)
if(NOT YIZHAN_NPM)
  message(FATAL_ERROR "npm is missing: tools/packages installs it.")
endif()

# yizhan_npm(FROM TO): TO/node_modules as FROM/package-lock.json pins it, and TO/done when it is.
function(yizhan_npm from to)
  add_custom_command(OUTPUT ${to}/done
    COMMAND ${CMAKE_COMMAND} -E make_directory ${to}
    COMMAND ${CMAKE_COMMAND} -E copy ${from}/package.json ${from}/package-lock.json ${from}/.npmrc ${to}
    COMMAND ${CMAKE_COMMAND} -E chdir ${to} ${YIZHAN_NPM} ci --prefer-offline --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${to}/done
    DEPENDS ${from}/package.json ${from}/package-lock.json ${from}/.npmrc VERBATIM)
endfunction()
