from cxlib.simulate.shipped import main

main()
