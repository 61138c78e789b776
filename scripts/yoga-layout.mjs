// Stands in for `yoga-layout` in the bundle (scripts/yoga.ts).
import bytes from 'yoga-layout/bytes';
import loadYoga from '../node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js';
import wrapAssembly from '../node_modules/yoga-layout/dist/src/wrapAssembly.js';

export * from '../node_modules/yoga-layout/dist/src/generated/YGEnums.js';

const engine = await loadYoga({
  // The script hands over what the engine imports, and waits for the instance.
  instantiateWasm(imports, receive) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
    receive(instance);
    return instance.exports;
  },
});

export default wrapAssembly(engine);
