// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "unroll",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // Imports point downwards only: a target knows nothing of what stands above it here.
    .target(name: "Explorer", dependencies: ["Neural", "Screen"]),
    .target(name: "Terminal", dependencies: ["Screen", "CNcurses"]),
    .target(name: "Screen"),
    .target(
      name: "Neural",
      dependencies: [.product(name: "OrderedCollections", package: "swift-collections")]),
    .target(
      name: "CNcurses",
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]),
    .testTarget(name: "NeuralTests", dependencies: ["Neural"], exclude: ["Fixtures"]),
    .testTarget(name: "ScreenTests", dependencies: ["Screen"]),
    .testTarget(name: "ExplorerTests", dependencies: ["Explorer", "Neural", "Screen"]),
  ],
  swiftLanguageModes: [.v6]
)
