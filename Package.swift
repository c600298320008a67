// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "unroll",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "unroll", targets: ["unroll"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // Imports point downwards only: a target knows nothing of what stands above it here.
    .executableTarget(
      name: "unroll",
      dependencies: [
        "Explorer", "Terminal", "KerasFiles", "Neural", "Screen",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .executableTarget(
      name: "benchmarks",
      dependencies: ["Explorer", "KerasFiles", "Neural", "Screen", "TerminalProbe"]),
    .target(
      name: "Explorer",
      dependencies: [
        "Neural", "Screen", .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .target(name: "Terminal", dependencies: ["Screen", "CNcurses"]),
    .target(
      name: "KerasFiles",
      dependencies: [
        "Neural", "IsolatedHDF5", "CHDF5", "CZip",
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .target(name: "Screen"),
    .target(
      name: "Neural",
      dependencies: [
        "VectorKernels",
        .target(name: "CBLAS", condition: .when(platforms: [.linux])),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .target(name: "VectorKernels"),
    .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "IsolatedHDF5", dependencies: ["CHDF5", "CZip"]),
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
    .target(
      name: "CNcurses",
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]),

    // The program in a real terminal: for tests and benchmarks.
    .target(name: "TerminalProbe", dependencies: ["Screen"], path: "Tests/TerminalProbe"),
    .testTarget(
      name: "NeuralTests", dependencies: ["Neural", "VectorKernels"], exclude: ["Fixtures"]),
    .testTarget(
      name: "KerasFilesTests", dependencies: ["KerasFiles", "Neural"], exclude: ["Fixtures"]),
    .testTarget(name: "ScreenTests", dependencies: ["Screen"]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Screen", "TerminalProbe"]),
    .testTarget(
      name: "ExplorerTests", dependencies: ["Explorer", "Neural", "Screen"], exclude: ["Snapshots"]),
    .testTarget(name: "CommandTests", dependencies: ["TerminalProbe", "Screen"]),
  ],
  swiftLanguageModes: [.v6]
)
