import Graph

extension LayerContext {
    /// The window of `size` over images `x`; nil after a recorded mistake.
    func window(_ size: WindowSize, over x: Tensor, for layer: String) -> Window? {
        guard isImage(x, for: layer), check(size, given: x) else { return nil }
        let window = size.window(height: x.shape[1], width: x.shape[2])
        let output = window.outputSize(height: x.shape[1], width: x.shape[2])
        guard output.height > 0, output.width > 0 else {
            _ = mistake(
                .layerDoesNotFit, "\(layer) does not fit into images of \(x.shape[1])x\(x.shape[2]) pixels", given: x,
                help: "use a smaller kernel, or padding: .same")
            return nil
        }
        return window
    }

    /// True if `x` is a batch of images `[B, H, W, C]`; otherwise the mistake is recorded.
    func isImage(_ x: Tensor, for layer: String) -> Bool {
        if x.rank == 4 { return true }
        _ = mistake(
            .layerDoesNotFit, "\(layer) needs images [B, height, width, channels], not \(x.type)", given: x,
            help: "put Reshape(height, width, channels) before it")
        return false
    }

    /// True if `size` can be a window; otherwise the mistake is recorded.
    func check(_ size: WindowSize, given x: Tensor) -> Bool {
        if size.isPossible { return true }
        _ = mistake(
            .sizeOutOfRange, "a window of \(size.summary): kernels and strides are 1 ... 4096, padding 0 ... 4096",
            given: x)
        return false
    }

    /// True if a layer can have so many channels; otherwise the mistake is recorded.
    func check(channels: Int, given x: Tensor) -> Bool {
        if channels > 0 { return true }
        _ = mistake(.sizeOutOfRange, "a layer of \(channels) channels", given: x, help: "channels are at least 1")
        return false
    }
}
