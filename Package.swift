// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "unroll",
  platforms: [.macOS(.v15)],
  targets: [
    // Imports point downwards only: a target knows nothing of what stands above it here.
    .target(name: "Terminal", dependencies: ["Screen", "CNcurses"]),
    .target(name: "Screen"),
    .target(
      name: "CNcurses",
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]),
    .testTarget(name: "ScreenTests", dependencies: ["Screen"]),
  ],
  swiftLanguageModes: [.v6]
)
